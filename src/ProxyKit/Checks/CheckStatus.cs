namespace ProxyKit.Checks;

/// <summary>What came of a check. The codes are those that HAProxy shows.</summary>
public enum CheckStatus
{
    /// <summary>There was no check yet. <c>INI</c></summary>
    Initializing,

    /// <summary>No connection could be begun: something of this machine is used up. <c>SOCKERR</c></summary>
    SocketError,

    /// <summary>A connection stands. <c>L4OK</c></summary>
    Layer4Passed,

    /// <summary>No connection stood in time. <c>L4TOUT</c></summary>
    Layer4TimedOut,

    /// <summary>No connection could be had. <c>L4CON</c></summary>
    Layer4Failed,

    /// <summary>A TLS connection stands. <c>L6OK</c></summary>
    Layer6Passed,

    /// <summary>The TLS handshake did not end in time. <c>L6TOUT</c></summary>
    Layer6TimedOut,

    /// <summary>The TLS handshake failed. <c>L6RSP</c></summary>
    Layer6Failed,

    /// <summary>There was no answer in time. <c>L7TOUT</c></summary>
    Layer7TimedOut,

    /// <summary>The answer was not as expected. <c>L7RSP</c></summary>
    Layer7Invalid,

    /// <summary>The answer was as expected. <c>L7OK</c></summary>
    Layer7Passed,

    /// <summary>The server works and wants no new clients. <c>L7OKC</c></summary>
    Layer7PassedConditionally,

    /// <summary>The answer says that the server does not work. <c>L7STS</c></summary>
    Layer7WrongStatus,

    /// <summary>The program could not be run, or said that the server does not work. <c>PROCERR</c></summary>
    ProcessFailed,

    /// <summary>The program did not end in time. <c>PROCTOUT</c></summary>
    ProcessTimedOut,

    /// <summary>The program said that the server works. <c>PROCOK</c></summary>
    ProcessPassed,

    /// <summary>Clients' own requests failed. <c>HANA</c></summary>
    ErrorsObserved,

    /// <summary>The agent has spoken, and not of whether the server works. <c>CHECKED</c></summary>
    Checked,
}
