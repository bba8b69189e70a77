package gradus.lessons.beams;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import java.util.ArrayList;
import java.util.List;

final class BeamCachesExercise {
    private BeamCachesExercise() {}

    static Exercise exercise() {
        return Exercise.of(BeamCaches.class, "Beams take their caches with them")
                .tolerance(1e-9)
                .probe(
                        "two beams change places",
                        "beam 0 continues old beam 1, and so has its cache, 2",
                        t -> run(t, caches(t, 2, 1), 1, 0))
                .probe(
                        "both continue the first",
                        "both begin with the cache of old beam 0; what is added to one is not in the other",
                        t -> run(t, caches(t, 2, 1), 0, 0))
                .probe("one becomes three", "three copies of the only cache", t -> run(t, caches(t, 1, 2), 0, 0, 0))
                .probe("each stays where it was", "", t -> run(t, caches(t, 3, 2), 0, 1, 2))
                .probe(
                        "in a circle",
                        "0 from 1, 1 from 2, 2 from 0: what is overwritten in place is lost for the next",
                        t -> run(t, caches(t, 3, 2), 1, 2, 0))
                .probe("four beams, three go on", "", t -> run(t, caches(t, 4, 3), 3, 1, 3))
                .probe("nothing in the caches yet", "empty lists that can grow", t -> run(t, caches(t, 2, 0), 1, 1))
                .probe("no beam goes on", "an empty list", t -> run(t, caches(t, 2, 1)))
                .bug(
                        "Two beams that continue the same one share its list, and add to it both",
                        "new ArrayList<>(caches.get(origin))",
                        "caches.get(origin)")
                .bug(
                        "The caches stay in their old order",
                        "new ArrayList<>(caches.get(origin))",
                        "new ArrayList<>(caches.get(reordered.size() % caches.size()))")
                .bug(
                        "The places are turned round: old beam i goes to place origins[i]",
                        "return reordered;",
                        "for (int i = 0; i < origins.length; i++) {\nif (origins[i] < reordered.size())"
                                + " {\nreordered.set(origins[i],"
                                + " new ArrayList<>(caches.get(i % caches.size())));\n}\n}\nreturn reordered;")
                .bug(
                        "Nothing can be added to the new lists",
                        "new ArrayList<>(caches.get(origin))",
                        "List.copyOf(caches.get(origin))")
                .bug(
                        "Only the last position's keys are taken along",
                        "new ArrayList<>(caches.get(origin))",
                        "new ArrayList<>(caches.get(origin).subList(Math.max(0, caches.get(origin).size() - 1),"
                                + " caches.get(origin).size()))")
                .bug(
                        "There is a new cache for every old beam, however many go on",
                        "return reordered;",
                        "while (reordered.size() < caches.size()) {\nreordered.add(new"
                                + " ArrayList<>(caches.get(reordered.size())));\n}\nreturn reordered;")
                .bug(
                        "The caches are written over in place, and a beam that is needed later is gone",
                        "return reordered;",
                        "List<List<double[]>> all = new ArrayList<>();\nfor (List<double[]> each : caches) {"
                                + " all.add(new"
                                + " ArrayList<>(each)); }\nfor (int i = 0; i < origins.length; i++) {\n"
                                + "if (i < all.size()) { all.set(i, new ArrayList<>(all.get(origins[i]))); }\n"
                                + "else { all.add(new ArrayList<>(all.get(origins[i]))); }\n}\n"
                                + "return new ArrayList<>(all.subList(0, origins.length));")
                .variant("a stream", """
                        return java.util.Arrays.stream(origins)
                                .mapToObj(origin -> (List<double[]>) new java.util.LinkedList<>(caches.get(origin)))
                                .toList();
                        """)
                .variant("copied key by key", """
                        List<List<double[]>> all = new ArrayList<>();
                        for (int i = 0; i < origins.length; i++) {
                            List<double[]> one = new ArrayList<>();
                            for (double[] key : caches.get(origins[i])) {
                                one.add(key.clone());
                            }
                            all.add(one);
                        }
                        return all;
                        """)
                .hints(
                        "What happens to a list that two beams continue, when each of them adds its own next key?",
                        "For each origin a new list with the same elements.",
                        "reordered.add(new ArrayList<>(caches.get(origin))).")
                .reading("The section \"Caches\" of this lesson");
    }

    private static List<List<double[]>> caches(Trial t, int beams, int positions) {
        List<List<double[]>> caches = new ArrayList<>();
        for (int i = 0; i < beams; i++) {
            List<double[]> one = new ArrayList<>();
            for (int j = 0; j < positions; j++) {
                one.add(positions == 1 ? new double[] {i + 1} : t.normals(2));
            }
            caches.add(one);
        }
        return caches;
    }

    @SuppressWarnings("unchecked") // the answer's return type
    private static Object run(Trial t, List<List<double[]>> caches, int... origins) {
        List<List<double[]>> reordered = (List<List<double[]>>) t.call(caches, origins);
        t.see("caches", reordered);
        for (int i = 0; i < reordered.size(); i++) {
            try {
                reordered.get(i).add(new double[] {100 + i});
            } catch (UnsupportedOperationException e) {
                t.see("adding to cache " + i, "nothing can be added to it");
            }
        }
        t.see("caches after each beam has added 100 and its number", reordered);
        t.see("the old caches", caches);
        return null;
    }
}
