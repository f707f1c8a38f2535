/** What went wrong, in the server's own words, told to screen readers as well. */
export function Problem({ message }: { readonly message: string | null | undefined }) {
  return message ? (
    <p className="problem" role="alert">
      {message}
    </p>
  ) : null;
}
