/**
 * One running task: its input, its chain of operators, its outbox or sink, stepped on one thread. Start with
 * {@link io.solstice.worker.task.Task}.
 */
@NullMarked
package io.solstice.worker.task;

import org.jspecify.annotations.NullMarked;
