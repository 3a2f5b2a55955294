// C: the parts of lane "c", in the order in which they are compiled: each may use what is before it.
import { APP_CODE_C } from "./app_code_c.js";
import { ASSETS_C } from "./assets_c.js";
import { CALLBACKS_C } from "./callbacks_c.js";
import { CLASSES_C } from "./classes_c.js";
import { DELIVERIES_C } from "./deliveries_c.js";
import { HOOKS_C } from "./hooks_c.js";
import { INPUTS_C } from "./inputs_c.js";
import { JSON_C } from "./json_c.js";
import { RING_C } from "./ring_c.js";
import { SIZES_C } from "./sizes_c.js";

export const LANE_C = RING_C + APP_CODE_C + CLASSES_C + JSON_C + ASSETS_C + HOOKS_C + SIZES_C + DELIVERIES_C + CALLBACKS_C + INPUTS_C;
