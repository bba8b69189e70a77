package gradus.lessons.retrieve.chunk.cli;

import gradus.lessons.retrieve.chunk.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// A part of a document that the same chunks hold.
///
/// @param count how many chunks hold it: none hold the spaces between chunks, two hold an overlap
/// @param chunk the number of the last one that does, from 0; -1 if none does
record Region(int start, int end, int count, int chunk) {

    /// All regions of a document, one after the other.
    static List<Region> of(String document, List<Chunk> chunks) {
        TreeSet<Integer> edges = new TreeSet<>(List.of(0, document.length()));
        for (Chunk each : chunks) {
            edges.add(each.start());
            edges.add(each.end());
        }
        List<Region> regions = new ArrayList<>();
        int oldest = 0; // the first chunk that has not ended yet
        int begun = 0; // how many have begun
        int from = edges.removeFirst();
        for (int to : edges) {
            while (begun < chunks.size() && chunks.get(begun).start() <= from) {
                begun++;
            }
            while (oldest < begun && chunks.get(oldest).end() <= from) {
                oldest++;
            }
            int count = begun - oldest;
            regions.add(new Region(from, to, count, count == 0 ? -1 : begun - 1));
            from = to;
        }
        return regions;
    }
}
