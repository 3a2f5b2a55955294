// From a row of the catalogue to an address in this process, or the reason why it cannot be hooked.
import { isSystemImage } from "../images.js";
import { findExport } from "../native.js";
import { findMethod } from "../objc/methods.js";
import { className, classOf, imageOf, lookUpClass } from "../objc/runtime.js";
import type { HookCode } from "../protocol.js";
import type { Probe } from "./catalogue/types.js";
import { typesOf, typesOfGetter } from "./type_encoding.js";

export interface Place {
  readonly address: NativePointer;
  readonly className: string;
  readonly selector: string;
  /** Other selectors of the same class share the code: their calls are not this probe's. */
  readonly shared: boolean;
}

export interface Missing {
  readonly reason: string;
  /** The class may be in an image that is loaded later. */
  readonly mayCome: boolean;
  /** The process has no such method: nothing can be missed. */
  readonly absent?: true;
  readonly code?: HookCode;
}

/** Take a method's symbol apart; null for a function's. */
export function parse(symbol: string): { sign: string; className: string; selector: string } | null {
  const space = symbol.indexOf(" ");
  return space < 0 ? null : { sign: symbol[0]!, className: symbol.slice(2, space), selector: symbol.slice(space + 1, -1) };
}

/** Find a private C function of a framework. */
function resolveFunction(name: string): Place | Missing {
  const address = findExport(name);
  if (address === null) return { reason: `this process has no function ${name}`, mayCome: true, absent: true, code: "no-function" };
  return { address, className: "", selector: name, shared: false };
}

export function resolve(probe: Probe): Place | Missing {
  const parts = parse(probe.symbol);
  if (parts === null) return resolveFunction(probe.symbol);
  const { sign, className: name, selector } = parts;
  const cls = lookUpClass(name);
  if (cls === null) return { reason: `this process has no class ${name}`, mayCome: true, absent: true, code: "no-class" };
  const home = sign === "+" ? classOf(cls) : cls;
  const method = findMethod(home, selector);
  if (method === null) return { reason: `${name} has no method ${selector}`, mayCome: false, absent: true, code: "no-method" };
  const image = imageOf(cls);
  const ownerName = className(method.owner);
  if (ownerName !== name && imageOf(method.owner) !== image) {
    return { reason: `${name} only inherits ${selector} from ${ownerName}`, mayCome: false };
  }
  // PHCachingImageManager and the like: a row for an override has no meaning without an override.
  if (ownerName !== name && probe.required === false && probe.since === null) {
    return { reason: `${name} does not override ${selector} here`, mayCome: false, absent: true, code: "inherited" };
  }
  const problem = probe.handle === "property" ? typesOfGetter(method.types, selector) : typesOf(method.types, probe.decode);
  if (problem !== null) return { reason: problem, mayCome: false };
  if (image !== null && !isSystemImage(image)) return { reason: `${name} is not the system's here`, mayCome: false };
  return { address: method.address, className: name, selector, shared: method.shared };
}
