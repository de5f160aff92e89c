/**
 * What a master must not forget. Start with {@link io.solstice.master.journal.JournaledState}, the sum of all entries;
 * {@link io.solstice.master.journal.Journal} is where they are kept: for a process {@code StoredJournal}, in an object
 * store that several masters may reach.
 */
@NullMarked
package io.solstice.master.journal;

import org.jspecify.annotations.NullMarked;
