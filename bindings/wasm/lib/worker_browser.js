import { serve } from "./serve.js";

const take = serve((message) => self.postMessage(message));
self.onmessage = ({ data }) => take(data);
