/** Failing histories, drawn for people. */
@NullMarked
package io.mayfly.multinode.report;

import org.jspecify.annotations.NullMarked;
