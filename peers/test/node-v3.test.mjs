import * as sdk from '../sdks/node-v3.mjs';
import { suite } from '../suite.mjs';

suite(sdk);
