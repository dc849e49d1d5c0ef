using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Expressions;

/// <summary>Fetches a value from an exchange. Runs on the data path: it must not wait, and must be safe to run on several threads.</summary>
/// <param name="context">What the rule is asked about.</param>
/// <param name="sample">Receives the value.</param>
/// <returns>Whether there is one; false for no sample, which is not the same as an empty one.</returns>
public delegate bool SampleFetch(RuleContext context, ref Sample sample);

/// <summary>Makes another value of the one a sample has; the same conditions apply as to a <see cref="SampleFetch"/>.</summary>
/// <param name="context">What the rule is asked about.</param>
/// <param name="sample">The value, of the type that the converter was declared with; receives the result.</param>
/// <returns>Whether there is one; false ends the whole expression without a sample.</returns>
public delegate bool SampleConverter(RuleContext context, ref Sample sample);
