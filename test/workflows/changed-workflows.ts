// The product's workflows, each with one timer more: what replaying must notice.
import { sleep } from '@temporalio/workflow';
import * as product from '../../src/workflows/index.js';

type Workflow<Input, Output> = (input: Input) => Promise<Output>;

function delayed<Input, Output>(workflow: Workflow<Input, Output>): Workflow<Input, Output> {
  return async (input) => {
    await sleep('1 second');
    return workflow(input);
  };
}

export const canaryCycle = delayed(product.canaryCycle);
export const canaryTest = delayed(product.canaryTest);
export const retention = delayed(product.retention);
export const supplyAudit = delayed(product.supplyAudit);
export const validator = delayed(product.validator);
