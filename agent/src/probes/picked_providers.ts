// Which item providers are a picker's: what a person has chosen, and what the app loads of it.
//
// An app also gets providers from a drag, the pasteboard, a share sheet or Files, and makes its own: they say nothing of photos. A
// picker's is marked with an association, which the runtime keeps by identity and drops with the object: no provider lives
// longer for it, one at the same address later is not marked, and nothing of the agent has to be there when it goes. The value
// is a number, and assigned: it is never sent a message. Source: objc/runtime.h.
import { now } from "../clock.js";
import { findExport, GUARDED } from "../native.js";
import { ask } from "../objc/messages.js";
import { findMethod } from "../objc/methods.js";
import { checkedClassOf, className, isKind, readIvar, selector } from "../objc/runtime.js";
import { isAskable, toCount, toText } from "../objc/values.js";
import type { Recording } from "../recording.js";
import { accessHook } from "./access.js";
import { assetNamed } from "./argument_decoding.js";
import { Attachments } from "./attach.js";
import { selectorOf } from "./callbacks.js";
import type { Probe } from "./catalogue/types.js";
import type { CompletionBlocks } from "./completion_blocks.js";
import { callbacks, type Hook } from "./hook.js";
import { typesOf } from "./type_encoding.js";

const RESULT = "PHPickerResult";
const PROVIDER = "NSItemProvider";
// Source: runtime dumps. Where a result does not have them, its getter shows the provider, and the asset stays unknown.
const [PROVIDER_IVAR, IDENTIFIER_IVAR] = ["_itemProvider", "_assetIdentifier"];
/** A selector's address: the same for every agent of the process, so a provider stays marked when another takes over. */
const KEY = "lightleak_isFromPicker";
const ASSIGN = 0; // OBJC_ASSOCIATION_ASSIGN
const MOST_RESULTS = 10_000;
const MOST_ASSETS = 16_384;
/** The value of the mark of a provider whose asset is not known. */
const NO_ASSET = 1;

export class PickedProviders {
  /** By the value of the mark. */
  private readonly assets = new Map<number, string>();
  // Not from 2 on: a mark may be an earlier agent's, whose assets have other hashes.
  private next = 2 + Math.floor(Math.random() * 2 ** 46);
  private runtime: { get: (...values: NativePointer[]) => NativePointer; set: (...values: unknown[]) => void } | undefined;

  private readonly loads = new Map<Probe, Hook>();
  private readonly overrides = new Attachments();
  /** Classes whose own ways to load are hooked. */
  private readonly classes = new Set<string>();

  constructor(private readonly recording: Recording) {}

  /** Return the hook of a row; throws where the runtime has no associations: a picker's providers cannot be told from others. */
  hook(probe: Probe, completionBlocks: CompletionBlocks): Hook {
    this.open();
    if (probe.handle === "picker-load") {
      const hook = accessHook(this.recording, completionBlocks, probe, (args) => this.assetOf(args[0]!));
      this.loads.set(probe, hook);
      return hook;
    }
    return {
      enter: (context, args) => {
        context["self"] = args[0]!;
      },
      leave: (context, result) => {
        const self = context["self"] as NativePointer | undefined;
        if (self === undefined) return;
        if (probe.handle === "picker-result") this.markOf(self, result);
        else this.put(result, this.get(self));
      },
    };
  }

  /** Mark the providers of a picker's results. What is not the system's array, result or provider is left alone. */
  markAll(results: NativePointer): void {
    try {
      const count = Math.min(toCount(results) ?? 0, MOST_RESULTS);
      for (let i = 0; i < count; i++) this.markOf(ask(results, "objectAtIndex:", ptr(i)), null);
    } catch (problem) {
      this.recording.fault("the results of a picker", problem);
    }
  }

  stop(): void {
    this.overrides.stop();
  }

  /** `provider`: what the result's getter has returned, where that is known. */
  private markOf(result: NativePointer, provider: NativePointer | null): void {
    const cls = result.isNull() ? null : checkedClassOf(result);
    if (cls === null || !isAskable(cls, RESULT)) return;
    const found = provider ?? readIvar(result, cls, PROVIDER_IVAR!) ?? NULL;
    if (this.get(found) !== 0) return;
    const named = readIvar(result, cls, IDENTIFIER_IVAR!);
    const identifier = named === null ? null : toText(named);
    this.put(found, identifier === null ? NO_ASSET : this.numberOf(assetNamed(this.recording, identifier)));
  }

  private numberOf(asset: string): number {
    const { assets } = this;
    assets.set(++this.next, asset);
    if (assets.size > MOST_ASSETS) assets.delete(assets.keys().next().value!);
    return this.next;
  }

  /** Return the asset of a picker's provider, null where it is not known; undefined for any other provider. */
  private assetOf(provider: NativePointer): string | null | undefined {
    const mark = this.get(provider);
    return mark === 0 ? undefined : (this.assets.get(mark) ?? null);
  }

  /** Return the value of a provider's mark; 0 for an object that has none. */
  private get(object: NativePointer): number {
    return object.isNull() ? 0 : Number(this.open().get(object, selector(KEY)));
  }

  private put(object: NativePointer, mark: number): void {
    if (mark === 0 || object.isNull()) return;
    const cls = checkedClassOf(object);
    if (!isKind(cls, PROVIDER)) return;
    this.open().set(object, selector(KEY), ptr(mark), ASSIGN);
    if (this.classes.has(cls.toString())) return;
    this.classes.add(cls.toString());
    for (const [probe, hook] of this.loads) this.hookOverride(cls, probe, hook);
  }

  /** A picker's providers may be of a class with ways of its own to load. */
  private hookOverride(cls: NativePointer, probe: Probe, hook: Hook): void {
    const method = findMethod(cls, selectorOf(probe));
    if (method === null || className(method.owner) === PROVIDER) return;
    const symbol = `-[${className(method.owner)} ${selectorOf(probe)}]`;
    let problem = typesOf(method.types, probe.decode);
    try {
      if (problem === null) this.overrides.attach(method.address, callbacks(this.recording, symbol, hook));
    } catch (failure) {
      problem = String(failure);
    }
    this.recording.emit({ kind: "hook", at: now(), tid: null, probe: probe.probe, symbol, status: problem === null ? "installed" : "skipped", reason: problem });
  }

  private open(): NonNullable<PickedProviders["runtime"]> {
    if (this.runtime !== undefined) return this.runtime;
    const [get, set] = ["objc_getAssociatedObject", "objc_setAssociatedObject"].map((name) => findExport(name, "libobjc.A.dylib"));
    if (!get || !set) throw new Error("this process has no associated objects, and a picker's providers cannot be told from others");
    this.runtime = {
      get: new NativeFunction(get, "pointer", ["pointer", "pointer"], GUARDED) as never,
      set: new NativeFunction(set, "void", ["pointer", "pointer", "pointer", "size_t"], GUARDED) as never,
    };
    return this.runtime;
  }
}
