// frida-objc-bridge types its whole, not this part of it.
declare module "frida-objc-bridge/lib/api.js" {
  export function getApi(): object | null;
}
