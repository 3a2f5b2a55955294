// What requests in C need of the script: the first sight of a class, of a handler's code, of an asset's identifier, of an error.
import { now } from "../clock.js";
import { plainCode } from "../code_pointers.js";
import { countedText, findExport, sharedWords } from "../native.js";
import { blockSymbols, INVOKE } from "../objc/blocks.js";
import { floatDepth } from "../objc/floats.js";
import { ivarOffset, selector } from "../objc/runtime.js";
import { toErrorText, toText } from "../objc/values.js";
import { ASSET_IVAR, assetNamed, holdsIdentifier, IDENTIFIER_IVARS } from "../probes/argument_decoding.js";
import { emitUnwatched, HandlerCode } from "../probes/handler_code.js";
import { publish } from "../publishing.js";
import type { Recording } from "../recording.js";
import { ASSETS, DELIVERIES, IDENTITY, KEYS, RING } from "./layout.js";

const WORD = 8;
const FOUNDATION = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation";
const CONSTANTS = { degraded: "PHImageResultIsDegradedKey", error: "PHImageErrorKey", cancelled: "PHImageCancelledKey" } as const;
const SELECTORS = { lookUp: "objectForKey:", flag: "boolValue", length: "length" } as const;

type Leaf = (name: string, result: string, args: string[]) => never;

const words = (...values: (NativePointer | null | undefined)[]): NativePointer => {
  const memory = sharedWords(values.length * WORD);
  values.forEach((value, i) => memory.add(i * WORD).writePointer(value ?? NULL));
  return memory;
};

export class Requests {
  /** What the module in C links to. */
  readonly symbols: Readonly<Record<string, NativePointer>>;
  /** Whether this process has what copies blocks. */
  readonly canFollow: boolean;
  private readonly identities = sharedWords((ASSETS.identities + 1) * WORD);
  private readonly hashes = Memory.alloc(ASSETS.hashes * ASSETS.hashBytes);
  private readonly readable = Memory.alloc(ASSETS.pages * WORD);
  private readonly keys = sharedWords(KEYS.bytes);
  private readonly floatDepth = sharedWords(4);
  private readonly kept: unknown[] = [];
  private readonly rows = new Map<string, NativePointer>(); // by class
  private published = 0;
  /** Records in the ring may point to them. */
  private readonly errors = new Map<string, NativePointer>();
  private recording!: Recording;
  private code: HandlerCode | null = null;
  private listener!: NativeInvocationListenerCallbacks;
  private forget!: () => void;
  private addPage!: (address: NativePointer) => void;
  private addCode!: (code: NativePointer) => void;

  constructor() {
    const [copy, release, stackClass] = blockSymbols();
    this.canFollow = Boolean(copy && release && stackClass);
    const none = new NativeCallback(() => NULL, "pointer", []);
    this.symbols = {
      identities: this.identities,
      readable: this.readable,
      try_page: new NativeCallback((address) => this.tryPage(address), "uint", ["pointer"]),
      hashes: this.hashes,
      delivery_keys: this.keys,
      float_depth: this.floatDepth,
      strings: words(code("CFStringGetCStringPtr", FOUNDATION), code("CFStringGetCString", FOUNDATION), selector("getCString:maxLength:encoding:")),
      retaining: words(code("objc_retain"), code("objc_release"), selector("retain"), selector("release")),
      awaited: Memory.alloc(DELIVERIES.sets * DELIVERIES.ways * DELIVERIES.awaitedBytes),
      awaited_locks: Memory.alloc(DELIVERIES.locks * DELIVERIES.lockBytes),
      handler_code: Memory.alloc(DELIVERIES.code * WORD),
      stack_class: words(stackClass),
      block_copy: copy ?? none,
      block_release: release ?? none,
      learn_identity: new NativeCallback((cls) => this.learn(cls), "pointer", ["pointer"]),
      hash_text: new NativeCallback((string, to) => this.hash(string, to), "uint", ["pointer", "pointer"]),
      size_text: new NativeCallback((value, to) => writeAscii(to, JSON.stringify(value)), "uint", ["double", "pointer"]),
      hook_handler: new NativeCallback((block, own) => this.hook(block, own !== 0), "pointer", ["pointer", "uint"]),
      unwatched: new NativeCallback((of) => emitUnwatched(this.recording, now(), Process.getCurrentThreadId(), of), "void", ["double"]),
      error_text: new NativeCallback((error) => this.errorText(error), "pointer", ["pointer"]),
    };
    this.kept.push(none);
    for (const [name, accessor] of Object.entries(SELECTORS)) this.keys.add(KEYS[name as keyof typeof SELECTORS]).writePointer(selector(accessor));
  }

  link(module: CModule, leaf: Leaf): void {
    this.listener = { onEnter: module["deliver_enter"] as never, onLeave: module["deliver_leave"] as never };
    this.forget = leaf("forget_handlers", "void", []);
    this.addPage = leaf("add_page", "void", ["pointer"]);
    this.addCode = leaf("add_handler_code", "void", ["pointer"]);
  }

  /** Start with nothing known that depends on the recording. No thread is in a hook. */
  begin(recording: Recording): void {
    this.recording = recording;
    // At first its memory is fresh: to write to all of it takes 2 ms.
    if (this.code !== null) {
      this.forget();
      this.hashes.writeByteArray(new ArrayBuffer(ASSETS.hashes * ASSETS.hashBytes)); // another salt
    }
    this.code = new HandlerCode(recording, this.listener);
  }

  /** Prepare, outside of any hook. */
  prepare(): void {
    this.floatDepth.writeU32(floatDepth());
  }

  stop(): void {
    this.code?.stop();
    this.forget();
  }

  private tryPage(address: NativePointer): number {
    try {
      address.readPointer();
    } catch {
      return 0;
    }
    this.addPage(address);
    return 1;
  }

  /** Return where objects of a class have an identifier; NULL for those that are about no asset. */
  private learn(cls: NativePointer): NativePointer {
    const key = cls.toString();
    const known = this.rows.get(key);
    if (known !== undefined) return known;
    try {
      if (!holdsIdentifier(cls)) return NULL; // freed memory can look like many classes: none is kept
    } catch {
      return NULL;
    }
    const row = sharedWords(IDENTITY.bytes).writePointer(cls);
    IDENTIFIER_IVARS.forEach((name, i) => row.add(IDENTITY.texts + i * 4).writeU32(ivarOffset(cls, name) ?? 0));
    row.add(IDENTITY.asset).writeU32(ivarOffset(cls, ASSET_IVAR) ?? 0);
    // Other threads ran meanwhile, and may have added it: the row that they were given must stay.
    const added = this.rows.get(key);
    if (added !== undefined) return added;
    this.rows.set(key, row);
    if (this.published < ASSETS.identities) publish(this.identities.add(this.published++ * WORD), row);
    return row;
  }

  /** Write the hash of an asset by the text of its identifier; returns 0 where that cannot be read. */
  private hash(string: NativePointer, to: NativePointer): number {
    try {
      const text = toText(string);
      return text === null ? 0 : writeAscii(to, assetNamed(this.recording, text));
    } catch {
      return 0;
    }
  }

  /** Hook the code of a copied handler; returns the block to pass on, or NULL. */
  private hook(block: NativePointer, own: boolean): NativePointer {
    try {
      this.findKeys();
      const invoke = plainCode(block.add(INVOKE).readPointer());
      const hooked = this.code!.hook({ block, invoke, own });
      if (hooked === null) return NULL;
      // A block of ours is made for each call of code that is too short.
      if (hooked.invoke.equals(invoke)) this.addCode(invoke);
      return hooked.block;
    } catch (problem) {
      this.recording.fault("a handler cannot be hooked", problem);
      return NULL;
    }
  }

  /** The keys of info dictionaries are constants of Photos, which may be loaded late. */
  private findKeys(): void {
    for (const [name, constant] of Object.entries(CONSTANTS)) {
      const place = this.keys.add(KEYS[name as keyof typeof CONSTANTS]);
      if (place.readPointer().isNull()) publish(place, findExport(constant)?.readPointer() ?? NULL);
    }
  }

  private errorText(error: NativePointer): NativePointer {
    let text: string;
    try {
      text = JSON.stringify(toErrorText(error)!.slice(0, 500));
    } catch {
      text = '"an error that cannot be read"';
    }
    let known = this.errors.get(text);
    if (known === undefined) {
      const most = this.errors.size >= RING;
      // Records in a large ring may point to any of them.
      if (most && this.recording.outbox.ring?.roomy === true) text = '"(more errors than are kept)"';
      else if (most) this.errors.delete(this.errors.keys().next().value!);
      this.errors.set(text, (known = this.errors.get(text) ?? countedText(text)));
    }
    return known;
  }
}

/** Return the address of a function for C; null without one. */
function code(name: string, home?: string): NativePointer | null {
  return findExport(name, home)?.strip() ?? null;
}

function writeAscii(to: NativePointer, text: string): number {
  to.writeByteArray([...text].map((letter) => letter.charCodeAt(0)));
  return text.length;
}
