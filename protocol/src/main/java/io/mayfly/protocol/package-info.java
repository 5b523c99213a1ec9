/** Values that cross a boundary, and the ports through which they are sent. */
@NullMarked
package io.mayfly.protocol;

import org.jspecify.annotations.NullMarked;
