// From a row of the catalogue to an address in this process, or the reason why it cannot be hooked.
import { isSystemImage } from "../images.js";
import { findExport } from "../native.js";
import { className, classOf, findMethod, imageOf, lookUpClass, type OwnMethods, ownMethods } from "../objc/runtime.js";
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

const SYMBOL = /^([+-])\[(\S+) (\S+)\]$/;

export function parse(symbol: string): { sign: string; className: string; selector: string } {
  const match = SYMBOL.exec(symbol);
  if (match === null) throw new Error(`${symbol} is not a method`);
  return { sign: match[1]!, className: match[2]!, selector: match[3]! };
}

/** Find a private C function of a framework. */
function resolveFunction(name: string): Place | Missing {
  const address = findExport(name);
  if (address === null) return { reason: `this process has no function ${name}`, mayCome: true, absent: true, code: "no-function" };
  return { address, className: "", selector: name, shared: false };
}

const uses = new WeakMap<OwnMethods, Map<string, number>>();

/** Return how many methods of a class have each piece of code, by address. Counted once for a list: classes have hundreds of methods. */
function usesOf(methods: OwnMethods): Map<string, number> {
  const known = uses.get(methods);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const { address } of methods.values()) counts.set(address.toString(), (counts.get(address.toString()) ?? 0) + 1);
  uses.set(methods, counts);
  return counts;
}

export function resolve(probe: Probe, methodsOf = ownMethods): Place | Missing {
  if (!SYMBOL.test(probe.symbol)) return resolveFunction(probe.symbol);
  const { sign, className: name, selector } = parse(probe.symbol);
  const cls = lookUpClass(name);
  if (cls === null) return { reason: `this process has no class ${name}`, mayCome: true, absent: true, code: "no-class" };
  const home = sign === "+" ? classOf(cls) : cls;
  const method = findMethod(home, selector, methodsOf);
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
  const shared = usesOf(methodsOf(method.owner)).get(method.address.toString())! > 1;
  return { address: method.address, className: name, selector, shared };
}
