package gradus.lessons.beams;

import gradus.lessons.learn.exercise.Exercise;

final class BeamStepExercise {
    private static final double OUT = Double.NEGATIVE_INFINITY;

    private BeamStepExercise() {}

    static Exercise exercise() {
        return Exercise.of(BeamStep.class, "The best continuations of all beams")
                .tolerance(1e-9)
                .probe(
                        "one beam",
                        "-1 is better than -2, and -2 than -4: tokens 2 and 0",
                        t -> t.call(new double[] {-1}, new double[][] {{-2, -4, -1}}, 2))
                .probe(
                        "two beams that share the places",
                        "-1-1 = -2, -1-3 = -4, -2-0.5 = -2.5, -2-1 = -3: beam 0 token 0, beam 1 token 0, beam 1 token"
                                + " 1",
                        t -> t.call(new double[] {-1, -2}, new double[][] {{-1, -3}, {-0.5, -1}}, 3))
                .probe(
                        "both continuations from the worse beam",
                        "-1-8 = -9 is worse than -2-1 and -2-2: beam 0 ends here",
                        t -> t.call(new double[] {-1, -2}, new double[][] {{-8, -9}, {-2, -1}}, 2))
                .probe(
                        "equally good ones",
                        "all are -3: beam 0 before beam 1, token 0 before token 1",
                        t -> t.call(new double[] {-1, -2}, new double[][] {{-2, -2}, {-1, -1}}, 3))
                .probe(
                        "tokens that cannot follow",
                        "two of the four are -∞; for a width of 3 only two come back",
                        t -> t.call(new double[] {-1, OUT}, new double[][] {{-2, OUT, -1}, {-1, -1, -1}}, 3))
                .probe("nothing can follow", "no row", t -> t.call(new double[] {-1}, new double[][] {{OUT, OUT}}, 2))
                .probe(
                        "almost equally good ones",
                        "-2 + 10⁻⁹ is the largest: tokens 1, 0 and 2",
                        t -> t.call(new double[] {-1}, new double[][] {{-2, -2 + 1e-9, -2 - 1e-9}}, 3))
                .probe("three beams, five tokens, width 4", "", t -> t.call(t.normals(3), t.normals(3, 5), 4))
                .probe("four beams, three tokens, width 2", "", t -> t.call(t.normals(4), t.normals(4, 3), 2))
                .probe("all of them", "", t -> t.call(t.normals(2), t.normals(2, 3), 9))
                .bug(
                        "The beams' own scores are left out: a bad beginning is forgotten",
                        "-(scores[c[0]] + logProbabilities[c[0]][c[1]])",
                        "-logProbabilities[c[0]][c[1]]")
                .bug(
                        "The worst continuations come first",
                        "-(scores[c[0]] + logProbabilities[c[0]][c[1]])",
                        "scores[c[0]] + logProbabilities[c[0]][c[1]]")
                .bug(
                        "Each beam keeps only its best continuation, so that a bad beam never dies",
                        "return List.copyOf(",
                        "java.util.Set<Integer> once = new java.util.HashSet<>();\nall.removeIf(c ->"
                                + " !once.add(c[0]));\nreturn"
                                + " List.copyOf(")
                .bug(
                        "Continuations of score -∞ come back where there is room",
                        "if (scores[beam] + logProbabilities[beam][token] > Double.NEGATIVE_INFINITY) {",
                        "{")
                .bug(
                        "Log-probabilities are multiplied, not added",
                        "-(scores[c[0]] + logProbabilities[c[0]][c[1]])",
                        "-(scores[c[0]] * logProbabilities[c[0]][c[1]])")
                .bug(
                        "Beam and token are exchanged in the rows",
                        "return List.copyOf(all.subList(0, Math.min(width, all.size())));",
                        "List<int[]> turned = new ArrayList<>();\nfor (int[] c : all.subList(0, Math.min(width,"
                                + " all.size()))) {"
                                + " turned.add(new int[] {c[1], c[0]}); }\nreturn turned;")
                .bug(
                        "Of equally good ones the smaller token comes first, whatever its beam",
                        "all.sort(",
                        "all.sort(Comparator.comparingInt(c -> c[1]));\nall.sort(")
                .bug(
                        "There are never more continuations than beams",
                        "Math.min(width, all.size())",
                        "Math.min(Math.min(width, scores.length), all.size())")
                .variant("the best picked width times", """
                        List<int[]> best = new ArrayList<>();
                        boolean[][] taken = new boolean[scores.length][];
                        for (int beam = 0; beam < scores.length; beam++) {
                            taken[beam] = new boolean[logProbabilities[beam].length];
                        }
                        while (best.size() < width) {
                            double top = Double.NEGATIVE_INFINITY;
                            int[] found = null;
                            for (int beam = 0; beam < scores.length; beam++) {
                                for (int token = 0; token < taken[beam].length; token++) {
                                    double score = scores[beam] + logProbabilities[beam][token];
                                    if (!taken[beam][token] && score > top) {
                                        top = score;
                                        found = new int[] {beam, token};
                                    }
                                }
                            }
                            if (found == null) {
                                break;
                            }
                            taken[found[0]][found[1]] = true;
                            best.add(found);
                        }
                        return best;
                        """)
                .variant("a heap of the best so far", """
                        record Candidate(double score, int beam, int token) {}
                        Comparator<Candidate> order = Comparator.comparingDouble(Candidate::score)
                                .thenComparing(Comparator.comparingInt(Candidate::beam).reversed())
                                .thenComparing(Comparator.comparingInt(Candidate::token).reversed());
                        var heap = new java.util.PriorityQueue<Candidate>(order);
                        for (int beam = scores.length - 1; beam >= 0; beam--) {
                            for (int token = 0; token < logProbabilities[beam].length; token++) {
                                heap.add(new Candidate(scores[beam] + logProbabilities[beam][token], beam, token));
                                if (heap.size() > width) {
                                    heap.poll();
                                }
                            }
                        }
                        var best = new java.util.LinkedList<int[]>();
                        while (!heap.isEmpty()) {
                            Candidate worst = heap.poll();
                            if (!Double.isInfinite(worst.score())) {
                                best.addFirst(new int[] {worst.beam(), worst.token()});
                            }
                        }
                        return new ArrayList<>(best);
                        """)
                .hints(
                        "How many continuations are there in all, and is it good to choose beam by beam?",
                        "Put all {beam, token} into one list, and sort it by the sum; List.sort leaves equal ones in"
                                + " their"
                                + " order.",
                        "all.sort(Comparator.comparingDouble(c -> -(scores[c[0]] + logProbabilities[c[0]][c[1]]))),"
                                + " then"
                                + " the first width.")
                .reading("The section \"Several texts at once\" of this lesson");
    }
}
