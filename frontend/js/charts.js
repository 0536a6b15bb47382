// Loaded only by pages with charts; see chart.js for what a <figure data-chart> may ask.

import { drawAll } from "./chart.js";

drawAll();
