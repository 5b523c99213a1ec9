@NullMarked
package io.mayfly.persistence.postgresql;

import org.jspecify.annotations.NullMarked;
