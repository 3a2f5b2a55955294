// C: the drain, which writes events as the JSON that event_json.ts writes. Runs on the script's thread, off every hook.
import { DRAINED, KIND, MOST_EVENTS, OUT_BYTES } from "./layout.js";

/** The longest event: lengths of symbols, names of images and texts are limited for it. */
export const MOST_EVENT_BYTES = 4096;

export const JSON_C = `
static char * put (char * to, const char * text, u64 length) { memcpy (to, text, length); return to + length; }

static char * put_number (char * to, u64 value) {
  char digits[20];
  u32 n = 0, low;
  while (value >> 32 != 0) { digits[n++] = '0' + value % 10; value /= 10; }
  low = value;
  do { digits[n++] = '0' + low % 10; low /= 10; } while (low != 0);
  while (n != 0) *to++ = digits[--n];
  return to;
}

static char * put_signed (char * to, gint64 value) {
  if (value >= 0) return put_number (to, value);
  *to++ = '-';
  return put_number (to, -value);
}

#define PUT(text) to = put (to, text, sizeof (text) - 1)
#define NUMBER(value) to = put_number (to, value)

/* The first second after the device's start is never seen: it would begin with a zero. */
static char * put_time (char * to, u32 s, u32 ns) {
  u32 i;
  NUMBER (s);
  for (i = 9; i-- != 0; ns /= 10) to[i] = '0' + ns % 10;
  return to + 9;
}

/* Write the number of an earlier event as the file has it. The place is not known for those before control.since. */
static char * put_reference (char * to, u64 number) {
  if (control.segment == 0) return put_number (to, number);
  if (number < control.since) control.more |= 4;
  return put_number (to, number + control.shift);
}

static char * put_head (char * to, const char * kind, u64 length, const Record * r) {
  u32 i;
  PUT ("{\\"kind\\":\\"");
  to = put (to, kind, length);
  if (control.segment != 0) {
    PUT ("\\",\\"segment\\":");
    NUMBER (control.segment);
    PUT (",\\"seq\\":");
    NUMBER (r->number + control.shift);
    PUT (",\\"wall_ns\\":");
    to = put_time (to, r->at[0], r->at[1]);
    PUT (",\\"mono_ns\\":");
    to = put_time (to, r->at[2], r->at[3]);
    PUT (",\\"tid\\":");
  }
  else {
    PUT ("\\",\\"at\\":[");
    for (i = 0; i != 4; i++) { if (i != 0) *to++ = ','; NUMBER (r->at[i]); }
    PUT ("],\\"tid\\":");
  }
  NUMBER (r->tid);
  return to;
}

static char * put_cause (char * to, const Record * r) {
  PUT (",\\"cause\\":");
  if (r->cause == 0) PUT ("null"); else to = put_reference (to, r->cause);
  return to;
}

static char * put_stack (char * to, const Record * r) {
  PUT (",\\"stack\\":");
  if (r->stack == 0) PUT ("null"); else NUMBER (r->stack);
  if (r->stack != 0 && !announced[r->stack]) { announced[r->stack] = 1; fresh[control.fresh_count++] = r->stack; }
  return to;
}

static char * put_whose (char * to, const Record * r) {
  to = put_cause (to, r);
  PUT (",\\"caller\\":");
  if (r->image == NULL) PUT ("null");
  else { to = put (to, r->image->text, r->image->length); NUMBER (r->offset); *to++ = '}'; }
  to = put_stack (to, r);
  if (r->internal) PUT (",\\"internal\\":true");
  *to++ = '}';
  return to;
}

/* Of parts that come after this one. */
static u32 is_thumbnail (const double * size);
static char * put_size (char * to, const double * size);
static char * put_asset (char * to, const Record * r);

static char * put_access (char * to, const Record * r) {
  const Hook * h = r->hook;
  u32 i, n = h->numbers + h->counts;
  to = put_head (to, "access", 6, r);
  if (h->size) { if (is_thumbnail (r->size)) PUT (",\\"depth\\":\\"thumbnail\\""); else PUT (",\\"depth\\":\\"data\\""); }
  to = put (to, h->head, h->head_length);
  for (i = 0; i != n; i++) {
    to = put (to, h->names[i], h->name_lengths[i]);
    if (i >= h->numbers && r->values[i] < 0) PUT ("null"); else to = put_signed (to, r->values[i]);
  }
  if (r->facts != NULL) {
    if (n != 0) *to++ = ',';
    to = put (to, r->facts->text, r->facts->length);
  }
  if (h->size) {
    if (n != 0) *to++ = ',';
    to = put_size (to, r->size);
  }
  *to++ = '}';
  to = put_asset (to, r);
  if (r->of != 0) { PUT (",\\"resumed_by\\":"); to = put_reference (to, r->of); }
  return put_whose (to, r);
}

static char * put_status (char * to, const Record * r) {
  to = put_head (to, "authorization", 13, r);
  to = put (to, r->hook->head, r->hook->head_length);
  if (r->flag) PUT ("\\"add-only\\""); else PUT ("\\"read-write\\"");
  PUT (",\\"status\\":");
  switch (r->values[0]) {
    case 0: PUT ("\\"not-determined\\""); break;
    case 1: PUT ("\\"restricted\\""); break;
    case 2: PUT ("\\"denied\\""); break;
    case 3: PUT ("\\"authorized\\""); break;
    case 4: PUT ("\\"limited\\""); break;
    default: PUT ("null");
  }
  return put_whose (to, r);
}

static char * put_answer (char * to, const Record * r) {
  to = put_head (to, "return", 6, r);
  PUT (",\\"of\\":");
  to = put_reference (to, r->of);
  PUT (",\\"duration_ns\\":");
  to = put_signed (to, r->values[0]);
  PUT (",\\"cpu_ns\\":");
  to = put_signed (to, r->values[1]);
  *to++ = '}';
  return to;
}

static char * put_touch (char * to, const Record * r) {
  const Text * text = (const Text *) r->of;
  to = put_head (to, "accounting", 10, r);
  PUT (",\\"phase\\":\\"touch\\",");
  to = put (to, text->text, text->length);
  *to++ = '}';
  return to;
}

/* Of parts that come after this one. */
static char * put_delivery (char * to, const Record * r);
static char * put_notification (char * to, const Record * r);
static void done_with (const Record * r);
static char * put_input (char * to, const Record * r);

static char * put_record (char * to, const Record * r) {
  switch (r->kind) {
    case ${KIND.access}: return put_access (to, r);
    case ${KIND.status}: return put_status (to, r);
    case ${KIND.answer}: return put_answer (to, r);
    case ${KIND.delivery}: return put_delivery (to, r);
    case ${KIND.notification}: return put_notification (to, r);
    case ${KIND.input}: return put_input (to, r);
    default: return put_touch (to, r);
  }
}

/* Skip numbers for events that found no room, before room is given back: the gap is at the right place. */
static u32 burn (u32 taken) {
  gssize dropped = g_atomic_pointer_add (&control.dropped, 0);
  u32 n = dropped < taken ? dropped : taken;
  u64 number;
  if (n == 0) return 0;
  g_atomic_pointer_add (&control.dropped, -(gssize) n);
  control.lost += n;
  number = g_atomic_pointer_add (&control.ticket, n);
  place (number)->kind = ${KIND.hole};
  place (number)->of = n;
  publish (place (number), number);
  return n;
}

/*
 * Write the next events to out: control.count of them, the first of which is control.first; after them come control.own
 * events that the script keeps, or a hole, which ends the piece. control.more: DRAINED of layout.ts. An event that names one
 * before control.since is a piece of its own, which is not placed.
 */
void drain (void) {
  char * to = out, * from;
  u32 taken = 0, segment;
  control.count = control.own = control.more = control.fresh_count = 0;
  control.first = control.tail;
  while (control.count + control.own < ${MOST_EVENTS} && to < out + ${OUT_BYTES - MOST_EVENT_BYTES}) {
    Record * r = place (control.tail);
    if (g_atomic_pointer_add (&r->number, 0) != control.tail) goto end;
    if (r->kind == ${KIND.hole}) {
      taken += r->of;
      control.tail += r->of;
      break;
    }
    if (r->kind == ${KIND.script}) control.own++;
    else {
      if (control.own != 0) break;
      from = to;
      if (control.count != 0) *to++ = ',';
      to = put_record (to, r);
      if (control.more != 0) {
        control.more = 0;
        to = from;
        if (control.count != 0) break;
        segment = control.segment;
        control.segment = 0;
        to = put_record (to, r);
        control.segment = segment;
        control.more = ${DRAINED.loose};
      }
      control.count++;
      done_with (r);
    }
    control.tail++;
    taken++;
    if (control.more != 0) break;
  }
  control.more |= ${DRAINED.more};
end:
  control.bytes = to - out;
  if (taken != 0) {
    u32 burnt = burn (taken);
    if (burnt != 0) control.more |= ${DRAINED.more};
    g_atomic_pointer_add (&control.room, taken - burnt);
  }
}
`;
