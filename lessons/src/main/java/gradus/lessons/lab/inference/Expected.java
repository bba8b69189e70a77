package gradus.lessons.lab.inference;

/// What `gradus lab inference` expects, before anything is measured.
final class Expected {
    private Expected() {}

    /// What one token at a time and all pairs of tokens should cost.
    static String bottlenecks(InferencePlan plan) {
        int longest = plan.longest();
        int small = plan.part(4);
        return """
                Attention compares every token with every one before it: alone it should take four times as long \
                for twice the length (an exponent of 1.8 to 2.2 over %s to %s tokens). And texts are written one \
                token after the other: a token reads all weights for one row of products, so it should be bound by \
                memory, at less than a tenth of the operations a byte that the machine can do, where reading %s \
                tokens at once is bound by arithmetic. Without a cache each token costs the reading of the whole \
                text: behind %s tokens at least 20 times what it costs with one.""".formatted(small, longest, longest, longest);
    }

    /// What should make a token cheaper.
    static String remedies(InferencePlan plan) {
        int longest = plan.longest();
        return """
                All of it reads fewer bytes for a token. A token of each of %s texts costs less than half of %s \
                times one (the weights are read once for all). Heads that share keys and values, and a window of \
                %s, write faster behind %s tokens of %s texts, where the cache is the larger part. A pass of %s \
                tokens costs less than 2 of one, which is what speculative decoding lives on: its gain is within \
                20 %% of (tokens a pass)·t(1)/(γ·t(draft) + t(γ + 1)). Weights of 8 and of 4 bits are \
                written with faster, as they are read faster. Fused attention, which keeps no logits, is faster than \
                the same step by step.""".formatted(Rows.TEXTS, Rows.TEXTS, Rows.WINDOW, longest, Rows.TEXTS, Rows.CHECKED);
    }

    /// How far a roof should foretell the times.
    static String roofline() {
        return """
                The time of every row is the longer of two: its operations at the peak of this machine's products, \
                its bytes at the speed of its memory. Within 20 % this should hold for long readings and for single \
                tokens; not for passes of a few rows, whose products are too small for the peak, nor for small \
                models, where calls cost more than work. The lowered roof has both of these, measured apart from the \
                rows: the speed of one layer's products of as many rows and the same kind of weights, and the time of \
                a pass of the same model with next to no channels. With it, all should be within 20 %.""";
    }
}
