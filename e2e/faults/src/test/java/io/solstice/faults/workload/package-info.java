@NullMarked
package io.solstice.faults.workload;

import org.jspecify.annotations.NullMarked;
