/** What a server does when it is asked for more than it can do. */
@NullMarked
package io.mayfly.benchmarks.overload;

import org.jspecify.annotations.NullMarked;
