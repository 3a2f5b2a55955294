import { defineConfig } from "vite";
import { inline } from "./inline";

export default defineConfig({
  base: "./",
  plugins: [inline("page.html")],
  build: {
    target: "es2022",
    modulePreload: false,
    cssCodeSplit: false,
    assetsInlineLimit: 1 << 20,
    outDir: "dist",
    reportCompressedSize: false,
  },
});
