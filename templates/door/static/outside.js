// A phone that is not, or no longer, bound keeps nothing of the company; what waits to be sent is kept.
import { forget } from "./store.js";

forget();
