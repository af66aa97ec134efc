// Several threads against one in Deno.
import { describeThreads } from '../support/describe-threads.js';

describeThreads();
