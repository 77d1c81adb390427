package dev.latent.cli.advise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.latent.cli.Failure;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lesson's decision tree. */
class AdvisorTest {
    private static Situation situation(
            String work,
            int concurrent,
            int each,
            String wait,
            String compute,
            @Nullable String deadline,
            boolean blocking) {
        return new Situation(
                Interview.work(work),
                concurrent,
                each,
                Durations.parse(wait),
                Durations.parse(compute),
                deadline == null ? null : Durations.parse(deadline),
                blocking,
                2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # the lesson's four
            network | 10000 | 1 | 1s    | 100us | -    | false | async
            compute | 1     | 1 | 0ms   | 30s   | -    | false | threads
            db      | 20    | 5 | 20ms  | 100us | -    | false | join
            compute | 1     | 1 | 0ms   | 4ms   | 16ms | false | own_thread
            # what is little
            network | 1     | 1 | 20ms  | 100us | -    | false | synchronous
            network | 9     | 1 | 20ms  | 100us | -    | false | synchronous
            files   | 5     | 1 | 1ms   | 100us | -    | false | synchronous
            compute | 1     | 1 | 0ms   | 3ms   | -    | false | synchronous
            db      | 1     | 5 | 20ms  | 100us | 50ms | false | join
            db      | 1     | 5 | 100us | 10us  | -    | false | synchronous
            # between
            network | 10    | 1 | 20ms  | 100us | -    | false | thread_each
            network | 99    | 1 | 20ms  | 100us | -    | false | thread_each
            network | 100   | 1 | 20ms  | 100us | -    | false | async
            # what blocks
            db      | 200   | 1 | 20ms  | 100us | -    | true  | thread_each
            db      | 20    | 5 | 20ms  | 100us | -    | true  | thread_each
            db      | 1     | 5 | 20ms  | 100us | -    | true  | thread_each
            db      | 5     | 1 | 20ms  | 100us | -    | true  | synchronous
            files   | 100   | 1 | 1ms   | 100us | -    | false | threads
            # what computes between its waits
            mixed   | 100   | 1 | 1s    | 2ms   | -    | false | hand_over
            network | 1000  | 1 | 20ms  | 1ms   | -    | false | hand_over
            mixed   | 5     | 1 | 20ms  | 20ms  | -    | false | synchronous
            # what does not fit
            compute | 1     | 1 | 0ms   | 40ms  | 16ms | false | threads
            compute | 1000  | 1 | 0ms   | 10ms  | 16ms | false | threads
            compute | 2     | 1 | 0ms   | 10ms  | 16ms | false | own_thread
            # a deadline that is no beat
            compute | 1     | 1 | 0ms   | 30s   | 2h   | false | threads
            compute | 1     | 1 | 0ms   | 4ms   | 2h   | false | synchronous
            compute | 1     | 1 | 0ms   | 400ms | 1s   | false | own_thread
            compute | 9     | 1 | 0ms   | 1h    | 2h   | false | threads
            network | 10000 | 1 | 1s    | 100us | 2h   | false | async
            """)
    void whatIsAdvised(
            String work,
            int concurrent,
            int each,
            String wait,
            String compute,
            @Nullable String deadline,
            boolean blocking,
            String choice) {
        Advice advice = Advisor.advise(situation(work, concurrent, each, wait, compute, deadline, blocking), null);
        assertEquals(choice, advice.choice().name().toLowerCase(Locale.ROOT), advice.toString());
        assertEquals(3, advice.why().size());
        assertFalse(advice.changes().isEmpty());
    }

    private static Figures figures(double threadsCpu, double threadsMemory) {
        List<String> head = List.of("way", "answers/s", "p50 ms", "p99 ms", "CPU µs each", "RSS MB");
        return new Figures(
                "waits",
                head,
                List.of(
                        new Figures.Row(Figures.THREADS, List.of(1000.0, 20.0, 21.0, threadsCpu, threadsMemory)),
                        new Figures.Row(Figures.LATENT, List.of(1000.0, 20.0, 21.0, 10.0, 60.0))));
    }

    /** Between a hundred waits and a thousand it is this machine that decides; beyond, it only says so. */
    @Test
    void theMachineDecidesBetween() {
        Situation some = situation("network", 300, 1, "20ms", "0ms", null, false);
        assertEquals(Choice.THREAD_EACH, Advisor.advise(some, figures(11, 60)).choice());
        Advice cheaper = Advisor.advise(some, figures(25, 60));
        assertEquals(Choice.ASYNC, cheaper.choice());
        assertTrue(
                cheaper.why().toString().contains("Here a thread for each takes 2.5× the CPU and 1.0× the memory"),
                cheaper.why().toString());
        Situation many = situation("network", 5_000, 1, "20ms", "0ms", null, false);
        assertEquals(Choice.ASYNC, Advisor.advise(many, figures(10, 60)).choice());
    }

    @Test
    void aDeadlineThatNoWayKeepsIsSaid() {
        Advice advice = Advisor.advise(situation("db", 1, 5, "200ms", "1ms", "100ms", false), null);
        assertTrue(
                advice.why().toString().contains("No way of waiting makes 200 ms shorter than the deadline of 100 ms"),
                advice.toString());
        assertEquals("Async: ask all 5 at once and join; 1 s of waiting become 200 ms.", advice.verdict());
    }

    @Test
    void aDeadlineOfHoursIsNoBeat() {
        Advice advice = Advisor.advise(situation("compute", 10, 1, "0ms", "6m", "2h", false), null);
        assertEquals(Choice.THREADS, advice.choice());
        assertTrue(
                advice.why()
                        .contains(
                                "60 min of computing on 2 cores take 30 min at the least, and 2 h are given: only the time they have to be ready by, no beat to keep."),
                advice.why().toString());
        Advice late = Advisor.advise(situation("compute", 10, 1, "0ms", "1h", "2h", false), null);
        assertEquals(
                "Plain threads, and less to compute: 5 h do not fit into 2 h however they are scheduled.",
                late.verdict());
    }

    /** Whatever is asked, what is said has only numbers that people read. */
    @Test
    void whatIsSaidCanBeRead() {
        Pattern odd = Pattern.compile("NaN|Infinity|\\dE|-\\d|\\b0 (ms|s|min|h)\\b|\\b0\\.?0* µs of every");
        List<Duration> lengths =
                List.of(Duration.ofNanos(1), Duration.ofMillis(16), Duration.ofHours(2), Duration.ofDays(365));
        int told = 0;
        for (Work work : Work.values()) {
            for (int concurrent : new int[] {1, 9, 100, 10_000_000}) {
                for (int each : new int[] {1, 5, 10_000}) {
                    for (Duration waiting : lengths) {
                        for (Duration computing : lengths) {
                            for (Duration deadline :
                                    Arrays.asList(null, lengths.get(0), lengths.get(1), lengths.get(3))) {
                                Situation at = new Situation(
                                        work, concurrent, each, waiting, computing, deadline, told % 2 == 0, 2);
                                Advice advice = Advisor.advise(at, null);
                                String said = advice.verdict() + advice.why() + advice.changes();
                                assertFalse(odd.matcher(said).find(), at + ": " + said);
                                told++;
                            }
                        }
                    }
                }
            }
        }
        assertEquals(5 * 4 * 3 * 4 * 4 * 4, told);
    }

    /** Whatever is written for a duration is one, from nothing to a year, or is refused by a line that quotes it. */
    @Test
    void anythingWrittenForADuration() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String letters = "0123456789..-+eE usmhµdNaInfty_,٣";
        int read = 0;
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            if (i % 2 == 0) {
                text.append(random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63));
            }
            for (int n = random.nextInt(6); n > 0; n--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            try {
                Duration duration = Durations.parse(text.toString());
                assertFalse(duration.isNegative(), text + ", seed " + seed);
                assertTrue(duration.compareTo(Duration.ofDays(365)) <= 0, text + ", seed " + seed);
                read++;
            } catch (IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                assertTrue(message.startsWith("\"" + text + "\" is "), message + ", seed " + seed);
                assertTrue(message.endsWith("; write it like 20ms, 1.5s, 300us, 2m or 1h"), message);
            }
        }
        assertTrue(read > 100, read + " were durations, seed " + seed);
    }

    @ParameterizedTest
    @CsvSource({"20ms, PT0.02S", "1.5s, PT1.5S", "300us, PT0.0003S", "300 µs, PT0.0003S", "2m, PT2M", "1h, PT1H"})
    void durations(String text, Duration duration) {
        assertEquals(duration, Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "20", "ms", "-1s", "1e9s", "1.s", "12345678901s", "1 day", "NaN", "1e3ms", "Infinity", "٣s"})
    void noDurations(String text) {
        assertThrows(IllegalArgumentException.class, () -> Durations.parse(text));
    }

    @Test
    void somebodyIsAsked() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        String answers = "databases\ndb\nmany\n1,000\n5\n\n\n\n\n";
        Situation situation = new Interview(
                        new BufferedReader(new StringReader(answers)),
                        new PrintStream(out, true, StandardCharsets.UTF_8))
                .ask(2);
        assertEquals(new Situation(Work.DB, 1_000, 5, Duration.ofMillis(20), Duration.ZERO, null, false, 2), situation);
        String said = out.toString(StandardCharsets.UTF_8);
        assertTrue(said.contains("there is no work \"databases\"; there are network, files, db, compute, mixed"), said);
        assertTrue(said.contains("\"many\" is no number from 1 to 10,000,000"), said);
    }

    @Test
    void nobodyAnswers() {
        Failure failure = assertThrows(Failure.class, () -> new Interview(
                        new BufferedReader(new StringReader("")), new PrintStream(new ByteArrayOutputStream()))
                .ask(2));
        assertTrue(String.valueOf(failure.getMessage()).contains("latent advise --help"), failure.getMessage());
    }

    @Test
    void programsReadIt() {
        JsonNode told = JsonMapper.shared()
                .readTree(Told.of(
                                situation("network", 300, 1, "20ms", "100us", "1s", false),
                                figures(25, 60),
                                null,
                                List.of(),
                                null)
                        .json());
        assertEquals("async", told.path("choice").asString());
        assertEquals(300, told.at("/situation/concurrent").asInt());
        assertEquals(1_000, told.at("/situation/deadline_ms").asDouble());
        assertEquals(25.0, told.at("/figures/0/rows/0/CPU µs each").asDouble());
        assertTrue(told.at("/sketch/source").asString().contains("scopeDo"), told.toString());
    }
}
