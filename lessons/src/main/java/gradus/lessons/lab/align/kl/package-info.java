/// `gradus lab align`, part (d): estimates of the KL divergence far from the reference, and where they take a
/// policy that learns from samples.
package gradus.lessons.lab.align.kl;
