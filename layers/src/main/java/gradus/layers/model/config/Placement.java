package gradus.layers.model.config;

/// Where a block's norms stand.
public enum Placement {
    /// Inside the branch: [gradus.layers.model.PreNormBlock].
    PRE,
    /// After the sum: [gradus.layers.model.PostNormBlock].
    POST
}
