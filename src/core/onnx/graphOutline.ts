/** A graph that is only walked to learn what it needs, never run. */
import { GraphBuilder, type Value } from './graphBuilder';

/** Takes the names of nodes and constants, and no data: constants become inputs of the shape they would have. */
export class GraphOutline extends GraphBuilder {
  override constant(_data: unknown, shape: readonly number[], name?: string): Value {
    return this.input(name ?? this.unusedName('constant'), 'float32', shape);
  }
}
