// From return addresses to images: whose code called.
import { plainCode } from "./code_pointers.js";
import { forgetBuilds, isSystemImage } from "./images.js";
import type { Caller } from "./protocol.js";

interface Site {
  /** In an image of the system, or outside of all images: never the app's own code. */
  readonly foreign: boolean;
  readonly caller: Caller | null;
}

const MOST_SITES = 20_000;
const NOWHERE: Site = { foreign: true, caller: null };

const modules = new ModuleMap();
const sites = new Map<string, Site>();

/** Return the images that are the app's own. */
export function appImages(): Module[] {
  return modules.values().filter((module) => !isSystemImage(module.path));
}

/** Forget all addresses: an image was loaded or unloaded. */
export function forgetImages(): void {
  modules.update();
  sites.clear();
  forgetBuilds();
}

export function siteOf(address: NativePointer): Site {
  const key = address.toString();
  let site = sites.get(key);
  if (site === undefined) {
    if (sites.size >= MOST_SITES) sites.clear();
    site = look(address);
    sites.set(key, site);
  }
  return site;
}

function look(address: NativePointer): Site {
  const code = plainCode(address);
  const module = modules.find(code);
  if (module === null) return NOWHERE;
  const caller = { image: module.name, offset: code.sub(module.base).toUInt32() };
  return { foreign: isSystemImage(module.path), caller };
}

/** Return the first frame outside the system's images, from the immediate caller outwards. */
export function callerOf(invocation: InvocationContext): Caller | null {
  const site = siteOf(invocation.returnAddress);
  if (!site.foreign) return site.caller;
  for (const address of backtrace(invocation.context)) {
    const outer = siteOf(address);
    if (!outer.foreign) return outer.caller;
  }
  return null;
}

export function backtrace(context: CpuContext): NativePointer[] {
  try {
    return Thread.backtrace(context, Backtracer.ACCURATE);
  } catch {
    return [];
  }
}
