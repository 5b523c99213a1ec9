/** What must hold of a history, and the search that says whether it does. */
@NullMarked
package io.mayfly.testkit.check;

import org.jspecify.annotations.NullMarked;
