namespace ProxyKit.Rules;

/// <summary>A rule, a condition or an expression that cannot be put to use as it is written.</summary>
public sealed class RuleFaultException : Exception
{
    /// <summary>A fault.</summary>
    /// <param name="message">What is wrong, as a sentence without its full stop.</param>
    public RuleFaultException(string message)
        : base(message)
    {
    }

    /// <summary>A fault that is not described.</summary>
    public RuleFaultException()
    {
    }

    /// <summary>A fault with its cause.</summary>
    /// <param name="message">What is wrong, as a sentence without its full stop.</param>
    /// <param name="innerException">The cause.</param>
    public RuleFaultException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Which word of a condition it is about, counted from 0; as many as there are words where one is missing at the end. Null where that
    /// is not known, and for what is no condition.</summary>
    public int? Word { get; internal set; }
}
