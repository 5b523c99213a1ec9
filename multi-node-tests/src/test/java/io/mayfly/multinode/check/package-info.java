/** What must hold of a recorded history. */
@NullMarked
package io.mayfly.multinode.check;

import org.jspecify.annotations.NullMarked;
