// C: the parts of lane "c", in the order in which they are compiled: each may use what is before it.
import { APP_CODE_C } from "./app_code_c.js";
import { CALLBACKS_C } from "./callbacks_c.js";
import { HOOKS_C } from "./hooks_c.js";
import { INPUTS_C } from "./inputs_c.js";
import { JSON_C } from "./json_c.js";
import { RING_C } from "./ring_c.js";

export const LANE_C = RING_C + APP_CODE_C + JSON_C + HOOKS_C + CALLBACKS_C + INPUTS_C;
