package dev.latent.compiler;

import static dev.latent.Async.async;
import static dev.latent.Async.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.latent.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What lies on the operand stack under an await, and the order in which Java evaluates and checks. */
class OperandStackTest {
    private final Drive drive = new Drive();

    static int made;

    static final class Counted {
        static {
            made += 100;
        }

        final String s;

        Counted(int a, long b, String s, Counted inner) {
            made++;
            this.s = a + "," + b + "," + s + (inner == null ? "" : "(" + inner.s + ")");
        }
    }

    @Test
    void theOperandStack() throws Exception {
        made = 0;
        List<String> order = new ArrayList<>();
        Future<String> f = async(() -> {
            int x = 1;
            int[] a = {1, 2, 3};
            int[][] aa = {{1}, {2, await(drive.later(3))}};
            int i = 0;
            a[i++] += await(drive.later(10)) + i;
            a[i++] = await(drive.later(20)) + i;
            x = x + (x = await(drive.later(5))) * x++;
            long l = 3L + (x > 3 ? await(drive.later(4)) : await(drive.later(1L)));
            Integer boxed = x > 0 ? await(drive.later(7)) : null;
            Object mixed = x > 0 ? await(drive.later('c')) : await(drive.later(2.5));
            boolean z = await(drive.later(true)) && !await(drive.later(false)) || await(drive.later(true));
            Counted c = await(drive.later(z))
                    ? new Counted(
                            x,
                            await(drive.later(l)),
                            "s",
                            await(drive.later(1)) > 0 ? new Counted(1, 2, await(drive.later("in")), null) : null)
                    : null;
            new Counted(1, await(drive.later(2L)), "unused", null);
            String n = await(drive.later((String) null));
            order.add("" + made);
            return Arrays.toString(a) + aa[1][1] + x + l + boxed + mixed + z + c.s + n + i;
        });
        assertEquals("[12, 22, 3]3" + 26 + 7L + 7 + 'c' + true + "26,7,s(1,2,in)" + null + 2, drive.run(f));
        assertEquals(List.of("103"), order);
    }

    /** Ready with {@code value}, and tells when it is evaluated. */
    private Future<Integer> told(int value) {
        return async(() -> {
            await(drive.after(1, "x"));
            drive.log("right side");
            return value;
        });
    }

    private static final class Cell {
        int n = 1;
    }

    @Test
    void anAssignmentChecksItsTargetAfterItsRightSide() {
        int[] none = null;
        int[] two = new int[2];
        Cell noCell = null;
        for (Future<Integer> f : List.<Future<Integer>>of(
                async(() -> none[0] = await(told(1))),
                async(() -> two[2] = await(told(1))),
                async(() -> noCell.n = await(told(1))))) {
            drive.trace.clear();
            assertThrows(RuntimeException.class, () -> drive.run(f));
            assertEquals(List.of("right side"), drive.trace);
        }
    }

    @Test
    void aCompoundAssignmentChecksItsTargetBeforeItsRightSide() {
        int[] none = null;
        int[] two = new int[2];
        Cell noCell = null;
        for (Future<Integer> f : List.<Future<Integer>>of(
                async(() -> none[0] += await(told(1))),
                async(() -> two[2] += await(told(1))),
                async(() -> noCell.n += await(told(1))))) {
            assertThrows(RuntimeException.class, () -> drive.run(f));
            assertEquals(List.of(), drive.trace);
        }
    }

    @Test
    void whatIsReadFirstIsKept() throws Exception {
        assertEquals("43, 1 then 6, [9, 1]", drive.run(async(() -> {
            int x = 3;
            int sum = x + (x = await(drive.later(40)));
            Cell cell = new Cell();
            String then = cell.n + " then " + (cell.n += await(drive.later(5)));
            int[] a = {0, 1};
            int i = 0;
            a[i] = (i = await(drive.later(1))) + 8;
            return sum + ", " + then + ", " + Arrays.toString(a);
        })));
    }
}
