package dev.latent.compiler.generated;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Random programs do woven what they do as plain Java, and after a drop at each of their suspensions what {@link PlainWorld} says.
 *
 * <ul>
 *   <li>{@code -Dlatent.programs=100000} for more of them, {@code -Dlatent.seed=…} for others;
 *   <li>{@code -Dlatent.program=K} for the one of that number alone, whose source is printed;
 *   <li>{@code -Dlatent.first=K} to begin with the one of that number;
 *   <li>{@code -Dlatent.report=FILE} to write what occurred how often.
 * </ul>
 */
class GeneratedProgramsTest {
    private static final int SMOKE = 300;

    @Test
    void wovenAndPlainAgree() throws Exception {
        long seed = Long.getLong("latent.seed", 20_261_123L);
        int one = Integer.getInteger("latent.program", -1);
        int programs = one >= 0 ? 1 : Integer.getInteger("latent.programs", SMOKE);
        Campaign campaign = new Campaign(seed, programs > SMOKE);
        if (one >= 0) {
            System.out.println(Campaign.program(seed, one).plain());
        }
        String report = System.getProperty("latent.report");
        campaign.run(
                one >= 0 ? one : Integer.getInteger("latent.first", 0),
                programs,
                report == null ? null : Path.of(report));
        assertTrue(
                campaign.differences().isEmpty(),
                () -> campaign.differences().size() + " of the programs of seed " + seed + " differ; the first: "
                        + campaign.differences().getFirst());
        if (programs >= 2_000) {
            assertEquals(List.of(), campaign.missing(), "never written");
        }
    }
}
