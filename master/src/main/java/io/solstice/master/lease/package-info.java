/**
 * Which master leads. {@link io.solstice.master.lease.Lease} decides, from answers and the time alone; {@code LeaseStore}
 * is what it asks, {@code LeaseKeeper} carries out. A lease is safe by its terms: each is an object that one master can
 * create, and no term ever comes back. Signs of life and time-outs only decide when the next term is tried for. What a
 * leader decides is fenced once more by the journal.
 *
 * <pre>
 * lease/terms/{term}           who leads, or that nobody does; written once, never deleted
 * lease/beats/{term}/{number}  the leader of that term was alive
 * </pre>
 */
@NullMarked
package io.solstice.master.lease;

import org.jspecify.annotations.NullMarked;
