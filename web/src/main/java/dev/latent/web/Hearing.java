package dev.latent.web;

import dev.latent.Waker;
import dev.latent.web.http.ByteBudget;
import org.jspecify.annotations.Nullable;

/** Which broadcasts a connection hears, until its sending ends: members of a {@link Broadcast}, linked through themselves under this monitor. */
abstract class Hearing extends Turns {
    /** Written under this monitor; whether there is any, anyone may look. */
    private volatile Broadcast.@Nullable Member heard;

    Hearing(@Nullable ByteBudget budget) {
        super(budget);
    }

    /** Makes this socket {@code member}; where it has ended, that one leaves. */
    final void hears(Broadcast.Member member) {
        boolean over;
        Waker payer = null;
        synchronized (this) {
            over = ended() != null;
            if (!over) {
                member.next = heard;
                heard = member;
                payer = member.isDue() ? remind() : null;
            }
        }
        wake(payer);
        if (over) {
            member.broadcast.leave(member);
        }
    }

    final synchronized void hearsNoMore(Broadcast.Member member) {
        Broadcast.Member before = null;
        for (Broadcast.Member m = heard; m != null; before = m, m = m.next) {
            if (m == member) {
                unlink(before, m);
                return;
            }
        }
    }

    private void unlink(Broadcast.@Nullable Member before, Broadcast.Member member) {
        if (before == null) {
            heard = member.next;
        } else {
            before.next = member.next;
        }
        member.next = null;
    }

    /** The sending has ended: it is no member any more. */
    final void hearsNoMore() {
        Broadcast.Member all;
        synchronized (this) {
            all = heard;
            heard = null;
        }
        for (Broadcast.Member m = all; m != null; m = m.next) {
            m.broadcast.leave(m);
        }
    }

    /** A broadcast may have something for it, and leaves that to others. */
    final void mayBeDue() {
        Waker payer;
        synchronized (this) {
            payer = remind();
        }
        wake(payer);
    }

    /** {@return whether it hears any}; a hint: for who comes meanwhile, {@link #remind} sees to it at the end of the writer's turn */
    final boolean hears() {
        return heard != null;
    }

    /** {@return whether it is due something}; under the monitor */
    final boolean isDue() {
        for (Broadcast.Member m = heard; m != null; m = m.next) {
            if (m.isDue()) {
                return true;
            }
        }
        return false;
    }

    /** {@return one that is due something; the next time it is another's turn} */
    final synchronized Broadcast.@Nullable Member nextDue() {
        Broadcast.Member due = null;
        Broadcast.Member beforeDue = null;
        Broadcast.Member last = null;
        for (Broadcast.Member m = heard; m != null; last = m, m = m.next) {
            if (due == null && m.isDue()) {
                due = m;
                beforeDue = last;
            }
        }
        if (due != null && last != due && last != null) {
            unlink(beforeDue, due);
            last.next = due;
        }
        return due;
    }

    final synchronized boolean hasDue() {
        return isDue();
    }
}
