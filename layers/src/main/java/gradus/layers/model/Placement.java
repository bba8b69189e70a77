package gradus.layers.model;

/// Where a block's norms stand.
public enum Placement {
    /// Inside the branch: [PreNormBlock].
    PRE,
    /// After the sum: [PostNormBlock].
    POST
}
