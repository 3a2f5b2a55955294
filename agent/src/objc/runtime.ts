// Objective-C's runtime: classes, methods, ivars, selectors, images. Reads only; sends no message.
import { plainCode } from "../code_pointers.js";
import { findExport, GUARDED, LEAF, needExport } from "../native.js";

const LIBOBJC = "libobjc.A.dylib";

/** Functions of the runtime: their result and their arguments, by first letter: pointer, int, void. Source: objc/runtime.h. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  objc_getClassList: "ipi",
  objc_lookUpClass: "pp",
  objc_registerClassPair: "vp",
  class_getImageName: "pp",
  class_copyMethodList: "ppp",
  class_copyIvarList: "ppp",
  ivar_getName: "pp",
  ivar_getTypeEncoding: "pp",
  ivar_getOffset: "pp",
  method_getName: "pp",
  method_getTypeEncoding: "pp",
  method_getImplementation: "pp",
  sel_registerName: "pp",
};
const TYPES: Readonly<Record<string, "pointer" | "int" | "void">> = { p: "pointer", i: "int", v: "void" };

type Api = Record<string, (...values: unknown[]) => never>;

/** Return the functions by name; null where the process does not have them all: then it has no Objective-C of Apple's kind. */
function openApi(): Api | null {
  const home = Process.findModuleByName(LIBOBJC);
  const free = findExport("free", "libsystem_malloc.dylib");
  if (home === null || free === null) return null;
  const opened: Api = {};
  const add = (name: string, address: NativePointer, signature: string): void => {
    const [result, ...values] = [...signature].map((letter) => TYPES[letter]!);
    opened[name] = new NativeFunction(address, result!, values, { exceptions: "propagate" }) as never;
  };
  add("free", free, "vp");
  for (const [name, signature] of Object.entries(FUNCTIONS)) {
    const address = home.findExportByName(name);
    if (address === null) return null;
    add(name, address, signature);
  }
  return opened;
}

const found = openApi();
const api = found ?? {};

export const available = found !== null;

function leaf(name: string, options = LEAF): (value: NativePointer) => NativePointer {
  return (available ? new NativeFunction(needExport(name, LIBOBJC), "pointer", ["pointer"], options) : null) as never;
}

const objectGetClass = leaf("object_getClass");
const checkedGetClass = leaf("object_getClass", GUARDED);
// The class was read from an object that may have been freed. Each class is read once.
const classGetName = leaf("class_getName", GUARDED);
const classGetSuperclass = leaf("class_getSuperclass", GUARDED);
const selGetName = leaf("sel_getName");

const call = <T>(name: string, ...values: unknown[]): T => api[name]!(...values) as T;

export function lookUpClass(name: string): NativePointer | null {
  const cls = call<NativePointer>("objc_lookUpClass", Memory.allocUtf8String(name));
  return cls.isNull() ? null : cls;
}

/** Return the class of an object; of a class, its metaclass. The object must be alive. */
export function classOf(object: NativePointer): NativePointer {
  return objectGetClass(object);
}

/** As `classOf`, for a pointer that may not be an object: throws then. */
export function checkedClassOf(object: NativePointer): NativePointer {
  return checkedGetClass(object);
}

/** More than an app has. Freed memory can look like many classes. */
const MOST_CLASSES = 10_000;
const classNames = new Map<string, string>();

export function className(cls: NativePointer): string {
  const key = cls.toString();
  let name = classNames.get(key);
  if (name === undefined) {
    name = classGetName(cls).readUtf8String() ?? "";
    if (classNames.size >= MOST_CLASSES) classNames.clear();
    classNames.set(key, name);
  }
  return name;
}

export function superclassOf(cls: NativePointer): NativePointer | null {
  const parent = classGetSuperclass(cls);
  return parent.isNull() ? null : parent;
}

const kinds = new Map<string, Map<string, boolean>>(); // by name, then class

/** Return whether a class is the named one or inherits from it. */
export function isKind(cls: NativePointer, name: string): boolean {
  const key = cls.toString();
  let known = kinds.get(name);
  if (known === undefined) kinds.set(name, (known = new Map()));
  let answer = known.get(key);
  if (answer === undefined) {
    answer = false;
    for (let at: NativePointer | null = cls; at !== null && !answer; at = superclassOf(at)) answer = className(at) === name;
    if (known.size >= MOST_CLASSES) known.clear();
    known.set(key, answer);
  }
  return answer;
}

const selectorNames = new Map<string, string>();

/** Names, not pointers: a runtime may have several pointers for one selector. */
export function selectorName(sel: NativePointer): string {
  const key = sel.toString();
  let name = selectorNames.get(key);
  if (name === undefined) {
    name = selGetName(sel).readUtf8String() ?? "";
    selectorNames.set(key, name);
  }
  return name;
}

const selectors = new Map<string, NativePointer>();

export function selector(name: string): NativePointer {
  let sel = selectors.get(name);
  if (sel === undefined) {
    sel = call<NativePointer>("sel_registerName", Memory.allocUtf8String(name));
    selectors.set(name, sel);
  }
  return sel;
}

/** Return where the runtime keeps a selector's name: it has each name once. */
export function selectorText(name: string): NativePointer {
  return selGetName(selector(name));
}

/** Return whether a class is another or inherits from it; one that is being made now, too. */
export function inherits(cls: NativePointer, ancestor: NativePointer): boolean {
  for (let at: NativePointer | null = cls; at !== null; at = superclassOf(at)) if (at.equals(ancestor)) return true;
  return false;
}

export type OwnMethods = ReadonlyMap<string, { address: NativePointer; types: string }>;

/** Return a class's own methods by selector. They are read each time, because implementations can be exchanged. */
export function ownMethods(cls: NativePointer): OwnMethods {
  const methods = new Map<string, { address: NativePointer; types: string }>();
  each("class_copyMethodList", cls, (method) => {
    const name = selectorName(call<NativePointer>("method_getName", method));
    const types = call<NativePointer>("method_getTypeEncoding", method).readUtf8String() ?? "";
    const address = plainCode(call<NativePointer>("method_getImplementation", method));
    // A category's comes first, and is the one that runs.
    if (!methods.has(name)) methods.set(name, { address, types });
  });
  return methods;
}

export interface Ivar {
  readonly name: string;
  readonly types: string;
  readonly offset: number;
}

/** Return the ivars of a class and its ancestors. */
export function ivarsOf(cls: NativePointer): Ivar[] {
  const ivars: Ivar[] = [];
  for (let at: NativePointer | null = cls; at !== null; at = superclassOf(at)) ivars.push(...ownIvars(at));
  return ivars;
}

/** Return the ivars that a class itself declares. */
export function ownIvars(cls: NativePointer): Ivar[] {
  const ivars: Ivar[] = [];
  each("class_copyIvarList", cls, (ivar) => {
    ivars.push({
      name: call<NativePointer>("ivar_getName", ivar).readUtf8String() ?? "",
      types: call<NativePointer>("ivar_getTypeEncoding", ivar).readUtf8String() ?? "",
      offset: call<NativePointer>("ivar_getOffset", ivar).toInt32(),
    });
  });
  return ivars;
}

const offsets = new Map<string, Map<string, number | null>>(); // by name, then class

/** Read a named ivar that holds a pointer; null where the class does not have it. */
export function readIvar(object: NativePointer, cls: NativePointer, name: string): NativePointer | null {
  const offset = ivarOffset(cls, name);
  return offset === null ? null : object.add(offset).readPointer();
}

/** Return the offset of a named ivar in instances of a class; null where they do not have it. */
export function ivarOffset(cls: NativePointer, name: string): number | null {
  const key = cls.toString();
  let known = offsets.get(name);
  if (known === undefined) offsets.set(name, (known = new Map()));
  let offset = known.get(key);
  if (offset === undefined) {
    offset = ivarsOf(cls).find((ivar) => ivar.name === name)?.offset ?? null;
    known.set(key, offset);
  }
  return offset;
}

/** Return the path of a class's image; null for a class made at run time. */
export function imageOf(cls: NativePointer): string | null {
  const path = call<NativePointer>("class_getImageName", cls);
  return path.isNull() ? null : path.readUtf8String();
}

/** Return every class that is registered now. */
export function allClasses(): NativePointer[] {
  const count = call<number>("objc_getClassList", NULL, 0);
  if (count === 0) return [];
  const buffer = Memory.alloc(count * Process.pointerSize);
  const filled = Math.min(count, call<number>("objc_getClassList", buffer, count));
  return Array.from({ length: filled }, (_, i) => buffer.add(i * Process.pointerSize).readPointer());
}

/** Return the classes of the images that `wanted` accepts, without loading all of the system's where the runtime can list them by image. */
export function classesOf(wanted: (path: string) => boolean): NativePointer[] {
  const copy = findExport("objc_copyClassNamesForImage", LIBOBJC);
  if (copy === null) return allClasses().filter((cls) => wanted(imageOf(cls) ?? ""));
  const copyNames = new NativeFunction(copy, "pointer", ["pointer", "pointer"]);
  const counter = Memory.alloc(8);
  return Process.enumerateModules().filter(({ path }) => wanted(path)).flatMap(({ path }) => {
    const names = copyNames(Memory.allocUtf8String(path), counter);
    const count = names.isNull() ? 0 : counter.readUInt();
    const found = Array.from({ length: count }, (_, i) => lookUpClass(names.add(i * Process.pointerSize).readPointer().readUtf8String() ?? ""));
    if (!names.isNull()) call("free", names);
    return found.filter((cls) => cls !== null);
  });
}

/** Return the code that instances of a class run for a selector, as the runtime gives it: signed where pointers are. */
export function implementationOf(cls: NativePointer, name: string): NativePointer {
  const getImplementation = new NativeFunction(needExport("class_getMethodImplementation", LIBOBJC), "pointer", ["pointer", "pointer"]);
  return getImplementation(cls, selector(name));
}

/** A class that is being made. */
export interface NewClass {
  addMethod(name: string, code: NativePointer, types: string): void;
  /** Add an ivar that holds a pointer. */
  addPointer(name: string): void;
}

const POINTER_ALIGNMENT = 3; // as a power of two

/** Make and register a subclass of NSObject; null where there is one of that name. It stays for the life of the process. */
export function newClass(name: string, fill: (made: NewClass) => void): NativePointer | null {
  const text = (value: string): NativePointer => Memory.allocUtf8String(value); // the runtime makes its own copies
  const allocate = new NativeFunction(needExport("objc_allocateClassPair", LIBOBJC), "pointer", ["pointer", "pointer", "size_t"]);
  const addMethod = new NativeFunction(needExport("class_addMethod", LIBOBJC), "bool", ["pointer", "pointer", "pointer", "pointer"]);
  const addIvar = new NativeFunction(needExport("class_addIvar", LIBOBJC), "bool", ["pointer", "pointer", "size_t", "uint8", "pointer"]);
  const cls = allocate(lookUpClass("NSObject")!, text(name), 0);
  if (cls.isNull()) return null;
  fill({
    addMethod: (method, code, types) => addMethod(cls, selector(method), code, text(types)),
    addPointer: (ivar) => addIvar(cls, text(ivar), Process.pointerSize, POINTER_ALIGNMENT, text("^v")),
  });
  call("objc_registerClassPair", cls);
  return cls;
}

function each(copy: string, cls: NativePointer, take: (item: NativePointer) => void): void {
  const counter = Memory.alloc(8);
  const list = call<NativePointer>(copy, cls, counter);
  if (list.isNull()) return;
  try {
    const count = counter.readUInt();
    for (let i = 0; i !== count; i++) take(list.add(i * Process.pointerSize).readPointer());
  } finally {
    call("free", list);
  }
}
