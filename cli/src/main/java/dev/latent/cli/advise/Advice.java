package dev.latent.cli.advise;

import java.util.List;

/**
 * What is advised.
 *
 * @param verdict in a line
 * @param why three reasons
 * @param changes what would change the answer
 */
public record Advice(Choice choice, String verdict, List<String> why, List<String> changes) {}
