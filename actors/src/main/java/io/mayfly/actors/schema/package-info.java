/**
 * What a contract's schema asks of values: JSON Schema 2020-12, without remote references, and only
 * schemas whose work on any value is bounded.
 */
@NullMarked
package io.mayfly.actors.schema;

import org.jspecify.annotations.NullMarked;
