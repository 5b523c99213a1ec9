/** Histories as people read them. */
@NullMarked
package io.mayfly.testkit.report;

import org.jspecify.annotations.NullMarked;
