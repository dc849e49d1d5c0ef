namespace ProxyKit.Rules.Variables;

/// <summary>How long a variable lives. HAProxy: the word before the dot.</summary>
public enum VariableScope
{
    /// <summary>As long as the proxy; shared by everything. <c>proc</c></summary>
    Process,

    /// <summary>As long as the client's connection. <c>sess</c></summary>
    Session,

    /// <summary>One request and its response, the log included. <c>txn</c></summary>
    Transaction,

    /// <summary>Until the response begins. <c>req</c></summary>
    Request,

    /// <summary>From the response on. <c>res</c></summary>
    Response,

    /// <summary>One run of a health check of one server; nobody else sees it. <c>check</c></summary>
    Check,
}
