// The script of one attachment: it finds the resident, forwards its messages to the host, and the host's calls to it.
import type { Message, Place } from "../protocol.js";
import { type Answer, findResident } from "./rendezvous.js";
import type { QueuedMessage } from "./resident.js";

const RELAY_MS = 20;
const ASK_MS = 10;

const name = Math.random().toString(36).slice(2);

export class Relay {
  private timer: ReturnType<typeof setInterval> | null = null;
  private agent = "";

  private constructor(private readonly answer: Answer) {}

  /** The relay to this process's resident, if it has one. */
  static find(): Relay | null {
    const answer = findResident();
    return answer === null ? null : new Relay(answer);
  }

  /** Call the resident; throws its sentence where it refuses. */
  call(what: string, ...args: unknown[]): unknown {
    // Scripts of other versions may be in the process: the key is still called carrier.
    const request = Memory.allocUtf8String(JSON.stringify({ carrier: name, name: what, args }));
    const reply = this.answer(request);
    if (what === "release") return null;
    const { value, problem } = JSON.parse(reply.readUtf8String() ?? "") as { value?: unknown; problem?: string };
    if (problem !== undefined) throw new Error(problem);
    return value;
  }

  /** Describe the resident. One that was claimed for a client is held for as long as this script lives. */
  describe(client: string | null): unknown {
    const found = this.call("describe", name, client) as { agent: string; busy: boolean };
    this.agent = found.agent;
    if (client !== null && !found.busy) this.begin();
    return found;
  }

  async start(options: unknown): Promise<unknown> {
    this.call("start", options);
    for (;;) {
      const { state, answer } = this.call("hasStarted") as { state: string; answer: unknown };
      if (state === "failed") throw new Error(String(answer));
      if (state === "done") {
        this.forward();
        return answer;
      }
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
  }

  acknowledge(n: number, place?: Place): void {
    this.call("acknowledge", n, place);
    // Events that waited for it come next.
    setTimeout(() => this.forward(), 0);
  }

  resend(from: number): void {
    this.call("resend", from);
    this.forward();
  }

  collect(agent: string): void {
    this.call("collect", agent);
    this.forward();
  }

  stop(): unknown {
    const next = this.call("stop");
    this.forward();
    return next;
  }

  flush(): unknown {
    const next = this.call("flush");
    this.forward();
    return next;
  }

  /** The script ends. The resident stays, unless the process ends too. */
  dispose(processEnds: boolean): void {
    try {
      if (processEnds && this.timer !== null) {
        this.call("finish");
        this.forward();
      }
    } catch {
      // Another relay has the resident, and sends the last messages.
    }
    this.end();
    this.call("release", name);
  }

  private begin(): void {
    this.timer ??= setInterval(() => this.forward(), RELAY_MS);
  }

  private end(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }

  private forward(): void {
    if (this.timer === null) return;
    for (;;) {
      const messages = this.call("take", name) as QueuedMessage[] | null;
      if (messages === null) {
        // A newer relay has the resident now. Silence alone would look like a suspended process.
        this.end();
        return send({ type: "displaced", agent: this.agent } satisfies Message);
      }
      for (const { message, at, bytes } of messages) send(message, at === null ? null : ptr(at).readByteArray(bytes));
      if (messages.length === 0) return;
    }
  }
}
