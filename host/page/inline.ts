// Put script and style into the page, so that it is one file. Its policy allows exactly these two, by their hashes.
import { createHash } from "node:crypto";
import type { Plugin } from "vite";

const sha256 = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

export function inline(name: string): Plugin {
  return {
    name: "inline",
    enforce: "post",
    generateBundle(_, bundle) {
      let script = "";
      let style = "";
      let page = "";
      for (const [file, output] of Object.entries(bundle)) {
        if (output.type === "chunk") script += output.code;
        else if (file.endsWith(".css")) style += output.source.toString();
        else if (file.endsWith(".html")) page = output.source.toString();
        delete bundle[file];
      }
      script = script.trim().replaceAll("</script", "<\\/script");
      style = style.trim();
      const policy = [
        "default-src 'none'",
        `script-src ${sha256(script)}`,
        `style-src ${sha256(style)}`,
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join("; ");
      page = page
        .replace(/\s*<script type="module"[^>]*><\/script>/, "")
        .replace(/\s*<link rel="stylesheet"[^>]*>/, "")
        .replace("<!--policy-->", () => `<meta http-equiv="Content-Security-Policy" content="${policy}">`)
        .replace("<!--style-->", () => `<style>${style}</style>`)
        .replace("<!--script-->", () => `<script type="module">${script}</script>`);
      this.emitFile({ type: "asset", fileName: name, source: page });
    },
  };
}
