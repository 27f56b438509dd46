/** Entry of the review grid's page. */
import { registerControls } from '../controls';
import '../base.css';
import './styles/page.css';
import './styles/bar.css';
import './styles/foot.css';
import './styles/answers.css';
import './styles/refit.css';
import './styles/tiles.css';
import './styles/findings.css';
import './styles/matrix.css';
import '../viewer/viewer.css';
import './styles/read.css';
import './styles/detail.css';
import { GridPage } from './page';

registerControls();
const root = document.getElementById('root') ?? document.body;
export const page = new GridPage(acquireVsCodeApi(), root);
void page.start();
