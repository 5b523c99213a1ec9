/** What came of runs with faults. */
@NullMarked
package io.mayfly.multinode.report;

import org.jspecify.annotations.NullMarked;
