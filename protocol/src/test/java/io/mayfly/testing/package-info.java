/** What tests of every module share: how they wait, and where their randomness comes from. */
@NullMarked
package io.mayfly.testing;

import org.jspecify.annotations.NullMarked;
