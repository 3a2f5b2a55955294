// Handlers: what a request delivers to the app, and what the app does inside its handlers.
//
// The code of a block is hooked in place, and the block is recognised when it is called. The app keeps nothing of the
// agent, so a handler that is called after the agent has left runs as if the agent had never been there. Only a handler whose
// code is too short to hook is called through a block of ours, which passes the call on for as long as the process lives.
import { actBecauseOf, beginApp, type CallScope, end } from "../call_scope.js";
import { now } from "../clock.js";
import { findExport } from "../native.js";
import { letGo, type OwnBlock, ownBlock } from "../objc/blocks.js";
import { lookUp, toByteCount, toErrorText, toFlag } from "../objc/values.js";
import type { Recording } from "../recording.js";
import type { Handler } from "./catalogue/types.js";
import { emitUnwatched, HandlerCode } from "./handler_code.js";
import { callbacks, type Hook } from "./hook.js";

/** Returns the origin of what happens in the call; null or nothing where it is not one. */
export type OnCall = (tid: number, args: InvocationArguments) => number | null | void;

interface Awaited {
  readonly onCall: OnCall;
  /** The origin in whose handling the block was handed on. */
  readonly cause: number | null;
}

const MOST_AWAITED = 8192;

export class CompletionBlocks {
  private readonly code: HandlerCode;
  /** By block: of several at one address, the latest is alive. */
  private readonly awaited = new Map<string, Awaited>();
  /** The keys of info dictionaries are constants of Photos. */
  private readonly keys = new Map<string, NativePointer | null>();

  constructor(private readonly recording: Recording) {
    this.code = new HandlerCode(recording, callbacks(recording, "a handler", this.hook()));
  }

  /** Follow the handlers of a call that has its event; returns the blocks to release when the call returns. */
  expect(args: InvocationArguments, handlers: readonly Handler[], { tid: caller, of, cause }: CallScope): OwnBlock[] {
    return handlers.flatMap((handler) => {
      const followed = this.follow(args, handler.at, (tid, given) => this.deliver(tid, given, handler, of), cause);
      if (followed.length === 0 && !args[handler.at]!.isNull()) emitUnwatched(this.recording, now(), caller, of);
      return followed;
    });
  }

  /**
   * Run `onCall` whenever the block at an argument is called; what it then does is because of `cause`, where there is one.
   * Returns no block where it cannot be followed.
   */
  follow(args: InvocationArguments, at: number, onCall: OnCall, cause: number | null = null): OwnBlock[] {
    const copied = ownBlock(args[at]!);
    const own = copied === null ? null : this.code.hook(copied);
    if (own === null) return [];
    args[at] = own.block;
    this.await(own.block.toString(), { onCall, cause });
    return [own];
  }

  stop(): void {
    this.code.stop();
    this.awaited.clear();
  }

  private await(key: string, awaited: Awaited): void {
    this.awaited.delete(key);
    this.awaited.set(key, awaited);
    if (this.awaited.size > MOST_AWAITED) this.awaited.delete(this.awaited.keys().next().value!);
  }

  private hook(): Hook {
    return {
      enter: (context, args) => {
        const awaited = this.awaited.get(args[0]!.toString());
        if (awaited === undefined) return;
        const tid = context.threadId;
        const scope = beginApp(this.recording, tid);
        context["scope"] = scope;
        const origin = awaited.onCall(tid, args) ?? awaited.cause;
        if (origin !== null) actBecauseOf(this.recording, scope, origin);
      },
      leave: (context) => {
        const scope = context["scope"] as CallScope | undefined;
        if (scope !== undefined) end(this.recording, scope);
      },
    };
  }

  private deliver(tid: number, args: InvocationArguments, handler: Handler, of: number): void {
    const at = now();
    const info = handler.info === undefined ? NULL : args[handler.info]!;
    const degraded = toFlag(lookUp(info, this.key("PHImageResultIsDegradedKey")));
    const bytes = handler.data === undefined ? null : toByteCount(args[handler.data]!);
    this.recording.emit({ kind: "delivery", at, tid, of, bytes, degraded, error: this.errorOf(args, handler, info) });
  }

  private errorOf(args: InvocationArguments, handler: Handler, info: NativePointer): string | null {
    if (handler.error !== undefined && !args[handler.error]!.isNull()) return toErrorText(args[handler.error]!);
    if (handler.success !== undefined) return (args[handler.success]!.toUInt32() & 0xff) === 0 ? "failed" : null;
    const error = lookUp(info, this.key("PHImageErrorKey"));
    if (!error.isNull()) return toErrorText(error);
    return toFlag(lookUp(info, this.key("PHImageCancelledKey"))) ? "cancelled" : null;
  }

  private key(name: string): NativePointer | null {
    let key = this.keys.get(name);
    if (key === undefined) {
      key = findExport(name)?.readPointer() ?? null;
      this.keys.set(name, key);
    }
    return key;
  }
}

export function letAllGo(blocks: OwnBlock[] | undefined): void {
  blocks?.forEach(letGo);
}
