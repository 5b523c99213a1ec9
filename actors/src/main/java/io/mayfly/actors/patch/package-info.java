/** JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902) on values, with bounds on the way. */
@NullMarked
package io.mayfly.actors.patch;

import org.jspecify.annotations.NullMarked;
